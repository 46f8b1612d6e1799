"""A review as Markdown: a module for each section."""

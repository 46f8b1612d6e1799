"""A report as one page of HTML: a module for each section."""

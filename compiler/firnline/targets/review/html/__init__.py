"""A review as one page of HTML: a module and a template for each section."""

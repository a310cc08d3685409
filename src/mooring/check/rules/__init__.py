"""The rules, one module each; the docstring of a module is the page of its rule."""

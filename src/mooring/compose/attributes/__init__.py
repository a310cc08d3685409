"""
The attributes of Compose that have a short syntax, one module each.

A module says how the short text is read into the long form, what identifies an entry of a list
where lists of several files are joined, and what the long form may not say.
"""

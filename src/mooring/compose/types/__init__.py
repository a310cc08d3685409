"""
How the values of each attribute are typed in the finished model: the tables behind `typed`.

They are laid out as those of `grammar`, which say what may stand in a file; these say what becomes
of it.
"""

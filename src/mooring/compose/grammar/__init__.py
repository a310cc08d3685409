"""
The attributes of the Compose Specification as data: what each is called and what it may hold.

The tables say exactly what the JSON schema of the specification says (a contract test compares
the two), in a form that can be read and that `shape` can check with good messages.
"""

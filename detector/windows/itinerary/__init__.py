"""Where an account was at work over two weeks, and its moves from one place to another.

Sightings tell of a day, and number its metropolises among themselves; who goes by turns through several
cities takes longer than that. layout.py says what is kept, note.py what a person's sign does to it, read.py
what rules see of it.
"""

"""The long memory of an account: its devices, its lines of access, and the hands that these belong to.

A *hand* is what hangs together: devices by the lines they share, lines by the devices that were on them. One
person's computers, phone, home and office are one hand as soon as one of the devices was at two of the places;
two hands have nothing in common. layout.py says what is kept, note.py what a person's sign does to it,
summary.py what is read off it.
"""

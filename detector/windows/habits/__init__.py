"""The long memory of an account: its devices, its lines of access, and the hands that these belong to.

A *hand* is what hangs together: devices by the lines they share, lines by the devices that were there.
One person's computers, phone, home and office are one hand as soon as a device was at two of the places; two
hands have nothing in common. layout.py says what is kept, note.py what a person's sign does to it,
read.py what rules see of it.
"""

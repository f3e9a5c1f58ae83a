"""The edge to Kafka: what is read, committed, taken over, and by whom.

`kafka.py` makes the clients, `topics.py` sees to the topics, `transactions.py` commits outputs and offset in
one step, `offsets.py` reads back what was committed.
"""

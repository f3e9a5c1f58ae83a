"""The stages: accounts, which asks what one account does, and cases, which decides what follows.

Pure: what comes in and the rows decide what goes out; Kafka, Redis and the wall clock live in stream/.
"""

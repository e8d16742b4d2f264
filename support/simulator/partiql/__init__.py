"""PartiQL as far as it can be said with the other operations: statements are translated into these.

So a statement has the conditions, the atomicity and the limits of PutItem, UpdateItem, DeleteItem, Query, Scan and the
transactions, whatever engine is beneath. What the grammar in `parser` and `expressions` does not have is refused.
"""

"""What each run would do first again; it is done once, by importing this in the process that all runs are forked from.

pytest, boto3 and moto load much of what they need when they need it for the first time: a run of one feature has them
do so. A run ends before there is much to collect, so that the garbage collector stays off.
"""

import gc

from support.mutants.running import run

gc.disable()
run("", 1, ["features/exercise_1_write_primary_read_replica.feature"])

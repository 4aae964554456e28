"""The whole stack, really deployed, on an emulated AWS on this machine: `make rehearse`.

`emulator` starts MiniStack, `bridges` (which MiniStack's own Python runs) adds what it lacks, `steps` is what is done and
looked at, `__main__` the order and the table.
"""

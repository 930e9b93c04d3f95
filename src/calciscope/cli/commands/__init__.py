"""One module a command; its file name (with - for _) is the command's name.

Each holds ``SUMMARY`` (one line), ``EXAMPLE`` (one command line), ``add_arguments(parser)`` and ``run(args) -> int``.
Heavy imports belong inside ``run``, so that --help answers at once.
"""

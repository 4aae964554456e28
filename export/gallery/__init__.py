"""A gallery from people's photos, made ahead of time: what `lookalike gallery …` does.

    build:  sources (folder, table) ──> intake ──> workers ──> enrolment, portrait ──> store
            and for single people changes (add, remove), faculty_json (export, import), demo
    store:  journal, while a build runs; contents, statistics; leftovers

The photos go through the function's own detector and embedder, so that gallery and query are treated alike.
Others import a command's function from the module of its name, and `statistics`.
"""

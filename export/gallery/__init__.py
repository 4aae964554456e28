"""A gallery from people's photos, made ahead of time: what `lookalike gallery …` does.

    sources, table ──> build ──> workers ──> enrolment, portrait ──> journal ──> store <── statistics
    folders or CSV     (or changes: add and remove; faculty_json: export and import; demo)

The photos go through the function's own detector and embedder, so that gallery and query are treated alike.
"""

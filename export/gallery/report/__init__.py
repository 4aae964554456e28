"""What an operator should know about their gallery, as one page: what `lookalike gallery report` does.

gallery ──> data ── pairs (different people), photos (of one person), groups (department, metadata) ──> Findings
Findings ──> page ── report.html.jinja, plot, report.css ──> one HTML file
"""

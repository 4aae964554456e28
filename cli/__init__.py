"""The `lookalike` command, one file a command. Nothing else imports from here; `main` is what a shell starts."""

"""Where it runs: the local server, Lambda's stand-in, the package, deploying and publishing. Only commands import from here."""

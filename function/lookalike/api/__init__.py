"""HTTP: the application, what it reads and answers, its errors, its log and its queue. Others import `create_app`."""

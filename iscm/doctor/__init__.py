"""What `iscm doctor` looks at: each check makes a finding of values, and examination.py gathers those."""

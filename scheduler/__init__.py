"""When things happen and who does them: start reading at jobs.py."""

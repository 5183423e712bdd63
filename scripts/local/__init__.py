"""The local stack: PostgreSQL, S3, stub vendors and Airflow on one machine, under one folder."""

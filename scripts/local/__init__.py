"""The local stack: PostgreSQL, S3 and Airflow on one machine, under one folder."""

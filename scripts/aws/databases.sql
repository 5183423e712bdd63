-- The two databases on RDS, each with a role of its own that owns it. As RDS's master user, on the database postgres:
--   psql -v airflow="$AIRFLOW_DB_PASSWORD" -v warehouse="$WAREHOUSE_DB_PASSWORD" \
--     -v reader="$READER_DB_PASSWORD" -f scripts/aws/databases.sql
CREATE ROLE airflow LOGIN PASSWORD :'airflow';
CREATE ROLE warehouse LOGIN PASSWORD :'warehouse';
-- With this one the Dataverse page looks at the warehouse.
CREATE ROLE warehouse_reader LOGIN PASSWORD :'reader';
-- RDS's master is no superuser: it may give a database only to a role that it belongs to.
GRANT airflow, warehouse TO CURRENT_USER;
CREATE DATABASE airflow OWNER airflow;
CREATE DATABASE warehouse OWNER warehouse;
REVOKE ALL ON DATABASE airflow, warehouse FROM PUBLIC;
GRANT CONNECT ON DATABASE warehouse TO warehouse_reader;
\connect warehouse
ALTER DEFAULT PRIVILEGES FOR ROLE warehouse GRANT SELECT ON TABLES TO warehouse_reader;

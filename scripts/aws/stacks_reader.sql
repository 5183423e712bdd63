-- A role that can only read, for the connection stacks_db. On the Stacks database, as a superuser:
--   psql -v password="$STACKS_READER_PASSWORD" -f scripts/aws/stacks_reader.sql
CREATE ROLE dataverse_reader LOGIN PASSWORD :'password' CONNECTION LIMIT 20;
ALTER ROLE dataverse_reader SET default_transaction_read_only = on;
ALTER ROLE dataverse_reader SET statement_timeout = '15min';
SELECT format('GRANT CONNECT ON DATABASE %I TO dataverse_reader', current_database()) \gexec
-- The API keeps its tables in one schema or the other, by its version; those that an upgrade adds are readable too.
SELECT format('GRANT USAGE ON SCHEMA %1$I TO dataverse_reader; GRANT SELECT ON ALL TABLES IN SCHEMA %1$I'
  ' TO dataverse_reader; ALTER DEFAULT PRIVILEGES FOR ROLE %2$I IN SCHEMA %1$I GRANT SELECT ON TABLES'
  ' TO dataverse_reader', schemaname, tableowner)
FROM pg_tables WHERE tablename = 'blocks' AND schemaname IN ('public', 'stacks_blockchain_api') \gexec

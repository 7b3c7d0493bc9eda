-- Only PostgreSQL counts in slots; the versions of both databases' tables go together.
SELECT 1;

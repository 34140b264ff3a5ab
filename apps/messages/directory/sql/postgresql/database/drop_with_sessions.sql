-- {name}: as in create.sql.
DROP DATABASE {name} WITH (FORCE);

#!/bin/sh
# A schema and a user of its own for each service, at the first start of an empty MariaDB. Run by its image.
# Text is compared byte by byte, trailing spaces included, as SQLite does: both databases give the same answers.
set -eu

for context in identity patients scheduling billing; do
    name="$(echo "$context" | tr '[:lower:]' '[:upper:]')_DATABASE_PASSWORD"
    password="$(printenv "$name")"
    mariadb --user=root --password="$MARIADB_ROOT_PASSWORD" <<SQL
CREATE DATABASE $context CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
CREATE USER '$context'@'%' IDENTIFIED BY '$password';
GRANT ALL ON $context.* TO '$context'@'%';
SQL
done

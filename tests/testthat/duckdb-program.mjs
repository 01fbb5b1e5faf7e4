// Stands in for DuckDB's own program, which npm does not have: `duckdb -csv file < query`.
import { readFileSync } from "node:fs";
import { DuckDBInstance } from "@duckdb/node-api";

const database = await DuckDBInstance.create(process.argv[3]);
const connection = await database.connect();
const rows = await connection.runAndReadAll(readFileSync(0, "utf8"));
const cell = (value) => (value === null ? "" : `"${String(value).replaceAll('"', '""')}"`);
for (const row of [rows.columnNames(), ...rows.getRowsJson()]) {
  console.log(row.map(cell).join(","));
}

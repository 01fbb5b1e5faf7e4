// Answers SQL by DuckDB. Reads one query a line; writes, as a line of JSON, the names, the types and
// the columns of its answer, or its error. Values are texts, which keep NaN, Infinity and all digits.
import { createInterface } from "node:readline";
import { DuckDBInstance } from "@duckdb/node-api";

const database = await DuckDBInstance.create(process.argv[2] ?? ":memory:");
const connection = await database.connect();
const text = (value) => (value === null ? null : String(value));

for await (const sql of createInterface({ input: process.stdin })) {
  let answer;
  try {
    const rows = await connection.runAndReadAll(sql);
    const names = rows.columnNames();
    const found = rows.getColumnsJson(); // no columns if there are no rows
    const columns = names.map((name, i) => (found[i] ?? []).map(text));
    answer = { names, types: rows.columnTypes().map(String), columns };
  } catch (error) {
    answer = { error: error.message };
  }
  console.log(JSON.stringify(answer));
}

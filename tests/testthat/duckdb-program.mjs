// Stands in for programs that npm does not have. `-csv file` answers the query on its input, as
// DuckDB's own program does; `-http file` answers queries over HTTP, as ClickHouse does, writes its
// port, and stops at the end of its input.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { DuckDBInstance } from "@duckdb/node-api";

const [way, file] = process.argv.slice(2);
const database = await DuckDBInstance.create(file);
const connection = await database.connect();

async function csv(sql, ofNull) {
  const rows = await connection.runAndReadAll(sql);
  const cell = (value) => (value === null ? ofNull : `"${String(value).replaceAll('"', '""')}"`);
  const lines = [rows.columnNames(), ...rows.getRowsJson()].map((row) => row.map(cell).join(","));
  return lines.join("\n") + "\n";
}

if (way === "-csv") {
  process.stdout.write(await csv(readFileSync(0, "utf8"), ""));
} else {
  const server = createServer(async (request, response) => {
    let sql = "";
    for await (const part of request) sql += part;
    response.end(await csv(sql, "\\N").catch((error) => error.message));
  });
  server.listen(0, "localhost", () => console.log(server.address().port));
  process.stdin.on("end", () => process.exit()).resume();
}

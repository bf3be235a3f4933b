// nodemailer at its best: its pool of connections, and a message that is ready to be sent.
const { createTransport } = require("nodemailer");

const [port, letters, connections, size] = process.argv.slice(2).map(Number);
const text = ("x".repeat(70) + "\r\n").repeat(Math.floor(size / 72));
const head = "From: highlights@iscm.example\r\nSubject: ISCM Highlights 2026\r\n";

async function main() {
  const pool = createTransport({
    host: "127.0.0.1", port, ignoreTLS: true, pool: true, maxConnections: connections, maxMessages: Infinity,
  });
  let next = 0;
  async function lane() {
    while (next < letters) {
      const to = `reader${next++}@example.org`;
      await pool.sendMail({ envelope: { from: "b@iscm.example", to }, raw: `${head}To: ${to}\r\n\r\n${text}` });
    }
  }
  const begun = process.hrtime.bigint();
  await Promise.all(Array.from({ length: connections }, lane));
  const seconds = Number(process.hrtime.bigint() - begun) / 1e9;
  pool.close();
  console.log(JSON.stringify({ seconds }));
}

main();

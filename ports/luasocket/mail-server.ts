// A mail server, just enough of SMTP to be sent a mail: it asks for a name and a password, and knows two people.

import { listen } from "../../test/system/server.js";

/** What was said to it. */
export interface MailServer {
  readonly port: number;
  readonly lines: readonly string[];
}

/** What it answers; a string with a newline at its end is whole. */
function answerTo(line: string): string {
  const [verb = "", rest = ""] = line.toUpperCase().split(/ (.*)/s);
  if (verb === "EHLO") return "250-mail.example\r\n250 AUTH LOGIN PLAIN";
  if (verb === "AUTH") return "334 VXNlcm5hbWU6";
  if (verb === "QUIT") return "221 bye";
  if (verb === "DATA") return "354 end with a dot";
  if (verb === "RCPT" && !/BOB|CAROL/.test(rest)) return "550 no such user";
  return "250 ok";
}

/** Starts one; it hangs up on who writes to <hangup@…>. */
export async function startMailServer(): Promise<MailServer> {
  const lines: string[] = [];
  const port = await listen((socket) => {
    let rest = "";
    let mode: "commands" | "user" | "password" | "data" = "commands";
    socket.write("220 mail.example\r\n");
    socket.setEncoding("latin1");
    socket.on("end", () => socket.end());
    socket.on("data", (chunk) => {
      const parts = `${rest}${chunk}`.split("\r\n");
      rest = parts.pop() ?? "";
      for (const line of parts) {
        lines.push(line);
        if (mode === "user") socket.write("334 UGFzc3dvcmQ6\r\n");
        else if (mode === "password") socket.write("235 welcome\r\n");
        else if (mode === "data" && line === ".") socket.write("250 taken\r\n");
        else if (line.includes("<hangup@")) socket.end();
        else if (mode === "commands") socket.write(`${answerTo(line)}\r\n`);
        if (mode === "user") mode = "password";
        else if (mode === "password" || (mode === "data" && line === ".")) mode = "commands";
        else if (line.startsWith("AUTH LOGIN")) mode = "user";
        else if (mode === "commands" && line === "DATA") mode = "data";
      }
    });
  });
  return { port, lines };
}

-- A mail with two parts, and servers that refuse it.
local smtp = require("socket.smtp")
local mime = require("mime")
local ltn12 = require("ltn12")
local port = tonumber(arg[1])
smtp.TIMEOUT = 20

local message = smtp.message({
  headers = { to = "Bob <bob@example.org>", subject = "two parts", date = "Sat, 29 Feb 2020 12:00:00 -0000" },
  body = {
    preamble = "parts follow",
    { headers = { ["content-type"] = "text/plain" }, body = "a line\r\n.\r\n..and dots\r\n" },
    {
      headers = { ["content-type"] = "application/octet-stream", ["content-transfer-encoding"] = "BASE64" },
      body = ltn12.source.chain(ltn12.source.string(("\0\1\2"):rep(100)), ltn12.filter.chain(mime.encode("base64"), mime.wrap())),
    },
  },
})
print(smtp.send({
  from = "<alice@example.org>",
  rcpt = { "<bob@example.org>", "<carol@example.org>" },
  server = "127.0.0.1",
  port = port,
  domain = "client.example",
  user = "alice",
  password = "secret",
  source = message,
}))
local function short(rcpt, number)
  return smtp.send({
    from = "<alice@example.org>",
    rcpt = rcpt,
    server = "127.0.0.1",
    port = number,
    domain = "client.example",
    source = smtp.message({ headers = { subject = "short" }, body = "x" }),
  })
end
print("no such user", short("<nobody@example.org>", port))
print("hangs up", short("<hangup@example.org>", port))
print("refused", short("<bob@example.org>", tonumber(arg[2])))

-- TCP in one process: what is not ready, what is partly there, what has ended, and the options.
local socket = require("socket")
print(socket._VERSION)

local server = assert(socket.bind("127.0.0.1", 0))
local host, port = server:getsockname()
print(host, tonumber(port) > 0, server:getfamily(), (tostring(server):gsub(": .*", "")))
server:settimeout(0.05)
print("nobody", server:accept())
server:settimeout(5)

local client = assert(socket.tcp())
print("options", client:setoption("keepalive", true), client:getoption("keepalive"), client:setoption("tcp-nodelay", true))
print("connect", client:connect(host, port))
local peer = assert(server:accept())
print("names", client:getpeername() == host, peer:getpeername() == client:getsockname(), peer:getsockname() == host)

client:settimeout(0.05)
print("silence", client:receive())
print("sent", peer:send("one\r\ntwo\nthr"))
print("line", client:receive())
print("line", client:receive("*l"))
print("part", client:receive("*l"))
print("sent", peer:send("three and more"))
print("bytes", client:receive(3), client:dirty())
client:settimeout(5)
print("pieces", peer:send("0123456789", 3, 5), client:receive(11), client:receive(3))

peer:settimeout(0)
local sent, why, last = peer:send(("x"):rep(16 * 1024 * 1024))
print("full", sent, why, last > 0)
local read = 0
while read < last do
  local whole, problem, part = client:receive(math.min(65536, last - read))
  if problem then print(problem) end
  read = read + #(whole or part)
end
print("all of it", read == last)
peer:settimeout(5)

print("shutdown", client:shutdown("send"))
print("end", peer:receive())
print("still", peer:send("after the end\n"), client:receive())
print("closed", peer:close(), client:receive())
print("again", client:send("x"), client:close(), client:send("x"))

local stats = assert(socket.connect(host, port))
local other = assert(server:accept())
other:send("12345")
stats:receive(5)
stats:send("123")
local received, gone, age = stats:getstats()
print("stats", received, gone, age >= 0)
print("linger", stats:setoption("linger", { on = true, timeout = 0 }), stats:close())
other:settimeout(5)
print("reset", other:receive())
server:close()

for _, address in ipairs({ "::1", "localhost" }) do
  local listener = assert(socket.bind(address, 0))
  local name, number, family = listener:getsockname()
  local caller = assert(socket.connect(name, number))
  print(address, name, family, caller:getpeername() == name)
  caller:close()
  listener:close()
end

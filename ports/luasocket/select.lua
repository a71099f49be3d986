-- socket.select(): what is readable, writable, buffered, late, ended and refused.
local socket = require("socket")
local refused = tonumber(arg[1])

local function names(set, known)
  local found = {}
  for _, each in ipairs(set) do found[#found + 1] = known[each] end
  table.sort(found)
  return table.concat(found, ",")
end

local server = assert(socket.bind("127.0.0.1", 0))
local host, port = server:getsockname()
local known = { [server] = "server" }
local function ready(label, reads, writes, time)
  local r, w, problem = socket.select(reads, writes, time)
  print(label, names(r, known), names(w, known), problem)
end

ready("nothing", { server }, nil, 0.05)
local client = assert(socket.connect(host, port))
ready("a caller", { server }, nil, 5)
local peer = server:accept()
known[client], known[peer] = "client", "peer"
ready("room", { client, peer }, { client, peer }, 0)
peer:send("one\ntwo\n")
ready("data", { client, peer }, nil, 5)
print(client:receive())
ready("what is buffered", { client }, nil, 0)
print(client:receive())
ready("no more", { client }, nil, 0)
peer:settimeout(0)
while peer:send(("x"):rep(65536)) do end
ready("no room", nil, { client, peer }, 0)
local datagrams = assert(socket.udp())
datagrams:setsockname("127.0.0.1", 0)
known[datagrams] = "datagrams"
local _, number = datagrams:getsockname()
ready("no datagram", { datagrams, server }, nil, 0.05)
socket.udp4():sendto("x", "127.0.0.1", number)
ready("a datagram", { datagrams, server }, nil, 5)
client:close()
ready("an end", { peer }, nil, 5)

local before = socket.gettime()
ready("time", {}, {}, 0.3)
print(socket.gettime() - before >= 0.29)
socket.sleep(0.2)
print(socket.gettime() - before >= 0.49)

local none = assert(socket.tcp4())
none:settimeout(0)
known[none] = "none"
print(none:connect("127.0.0.1", refused))
ready("refused", { none }, { none }, 5)
print(none:getoption("error"), none:connect("127.0.0.1", refused))

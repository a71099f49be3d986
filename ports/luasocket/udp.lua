-- UDP: datagrams of all lengths, connected and not, limits of time, and a peer that is not there.
local socket = require("socket")

local one, two = assert(socket.udp()), assert(socket.udp4())
print(one:setsockname("127.0.0.1", 0), two:setsockname("127.0.0.1", 0))
local host, port = one:getsockname()
local _, other = two:getsockname()
print((tostring(one):gsub(": .*", "")), host, tonumber(port) > 0)

print("sent", two:sendto("hello", host, port), two:sendto("", host, port), two:sendto(("x"):rep(8192), host, port))
for _ = 1, 3 do
  local data, from, number = one:receivefrom()
  print("from", #data, data:sub(1, 5), from, number == tonumber(other))
end
one:settimeout(0.05)
print("nothing", one:receivefrom())
print("cut", two:sendto("0123456789", host, port), (one:receivefrom(4)), one:receivefrom())

print("connect", two:setpeername(host, port), two:getpeername() == host, (tostring(two):gsub(": .*", "")))
print("sent", two:send("to the peer"), one:receive())
local third = assert(socket.udp())
third:setsockname("127.0.0.1", 0)
two:settimeout(0.05)
print("stranger", third:sendto("unasked", "127.0.0.1", other), two:receive())
print("peer", one:sendto("asked", "127.0.0.1", other), two:receive())
print("apart", two:setpeername("*"), pcall(two.send, two, "x"))
print("stranger", third:sendto("now", "127.0.0.1", other), (two:receivefrom()))

one:close()
local lost = assert(socket.udp())
lost:setpeername(host, port)
lost:settimeout(2)
print("nobody", lost:send("x"), lost:receive())
print("closed", one:receive())
print("options", third:setoption("broadcast", true), third:getoption("broadcast"), third:setoption("reuseaddr", true))
print("large", third:sendto(("x"):rep(70000), host, port))

local six = assert(socket.udp6())
print("IPv6", six:setsockname("::1", 0))
local name, number, family = six:getsockname()
local caller = assert(socket.udp6())
print(name, family, caller:sendto("six", name, number), (six:receivefrom()))

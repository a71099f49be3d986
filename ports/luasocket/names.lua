-- Names, and all that a connection can fail with.
local socket = require("socket")
local refused, silent = tonumber(arg[1]), tonumber(arg[2])

print((socket.dns.toip("127.0.0.1")))
print((socket.dns.toip("localhost")))
print((socket.dns.tohostname("127.0.0.1")))
print(socket.dns.toip("nowhere.invalid"))
print(socket.dns.tohostname("nowhere.invalid"))
print(socket.dns.getaddrinfo("nowhere.invalid"))
print(#socket.dns.gethostname() > 0)
for _, name in ipairs({ "127.0.0.1", "::1" }) do
  for _, each in ipairs(assert(socket.dns.getaddrinfo(name))) do print(name, each.family, each.addr) end
end
local found = assert(socket.dns.getnameinfo("127.0.0.1"))
print(#found, found[1])

print("refused", socket.connect("127.0.0.1", refused))
print("unknown", socket.connect("nowhere.invalid", 80))
print("no port", pcall(socket.connect, "127.0.0.1", "no such service"))
local late = socket.tcp()
late:settimeout(0.2)
local before = socket.gettime()
print("late", late:connect("127.0.0.1", silent))
print(socket.gettime() - before >= 0.19)
local taken = assert(socket.bind("127.0.0.1", 0))
local _, port = taken:getsockname()
print("taken", socket.bind("127.0.0.1", port))
print("not here", socket.bind("192.0.2.1", 0))
print("not connected", pcall(socket.tcp().send, socket.tcp(), "x"))
print("no option", pcall(taken.setoption, taken, "no-such-option", true))
print("protected", socket.protect(function() socket.try(nil, "thrown") end)())

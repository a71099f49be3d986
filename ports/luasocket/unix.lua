-- AF_UNIX streams and datagrams, by path.
local socket = require("socket")
local unix = require("socket.unix")
local path = arg[1]

local server = assert(unix.stream())
print(server:bind(path), server:listen())
local client = assert(unix.stream())
print(client:connect(path))
local peer = assert(server:accept())
print(client:send("hello\n"), peer:receive(), peer:send("wor"), peer:shutdown("send"), client:receive("*a"))
print(server:getsockname() == path, client:getsockname() == "", peer:close(), client:close())
print("taken", unix.stream():bind(path))
print("nobody", server:close(), unix.stream():connect(path))
print("removed", os.remove(path), unix.stream():connect(path))
print("too long", unix.stream():connect(("x"):rep(200)))

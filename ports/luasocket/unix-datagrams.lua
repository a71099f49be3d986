-- AF_UNIX datagrams, by path.
local unix = require("socket.unix")
local one, two = assert(unix.dgram()), assert(unix.dgram())
print(one:bind(arg[1] .. "1"), two:bind(arg[1] .. "2"))
print(two:sendto("hello", arg[1] .. "1"))
local data, from = one:receivefrom()
print(data, from == arg[1] .. "2")
os.remove(arg[1] .. "1")
os.remove(arg[1] .. "2")

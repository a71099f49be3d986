/* What lua.c calls for luaL_openlibs(): Lua's own libraries, and luasocket's to be found by require(). */
#include "lauxlib.h"
#include "lua.h"
#include "lualib.h"

int luaopen_socket_core(lua_State *);
int luaopen_socket_unix(lua_State *);
int luaopen_socket_serial(lua_State *);
int luaopen_mime_core(lua_State *);

void open_libraries(lua_State *L) {
  static const luaL_Reg modules[] = {
      {"socket.core", luaopen_socket_core},
      {"socket.unix", luaopen_socket_unix},
      {"socket.serial", luaopen_socket_serial},
      {"mime.core", luaopen_mime_core},
      {NULL, NULL},
  };
  luaL_openlibs(L);
  luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_PRELOAD_TABLE);
  luaL_setfuncs(L, modules, 0);
  lua_pop(L, 1);
}

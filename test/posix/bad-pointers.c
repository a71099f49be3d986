/* Every call with pointers that point nowhere: EFAULT, never a crash, and nothing lost. */
#include "posix.h"

/*
 * Never mapped: the beginning of the address space, and the end of a 32-bit one (a kernel looks at these only when it
 * copies, as at any address that a program may have). volatile, so that the compiler cannot know.
 */
static char *volatile high = (char *)(uintptr_t)0xffffffc0;
static char *volatile null = NULL;

static int listener;

static void stream(void) {
  int client, server;
  connected_pair(listener, &client, &server);
  report("-", "send from a high pointer", outcome(send(client, high, 5, 0)));
  report("-", "send from NULL", outcome(send(client, null, 5, 0)));
  report("-", "write from a high pointer", outcome(write(client, high, 5)));
  report("-", "send of 0 bytes from a high pointer", outcome(send(client, high, 0, 0)));
  report("-", "nothing was sent", polled_for(server, POLLIN, 30));
  send(client, "kept", 4, 0);
  await(server, POLLIN);
  report("-", "recv to a high pointer", outcome(recv(server, high, 4, 0)));
  report("-", "recv to NULL", outcome(recv(server, null, 4, 0)));
  report("-", "read to a high pointer", outcome(read(server, high, 4)));
  report("-", "peek to a high pointer", outcome(recv(server, high, 4, MSG_PEEK)));
  report("-", "the bytes are there still", received_text(server));
  report("-", "recv to a high pointer, nothing there", outcome(recv(server, high, 4, MSG_DONTWAIT)));
  report("-", "it is connected still", peer_name(client));
  close(client);
  close(server);
}

static void buffers(void) {
  int client, server;
  char text[8] = "";
  struct iovec bad_array[1] = {{text, 4}};
  struct iovec bad_second[2] = {{text, 2}, {high, 4}};
  struct iovec *volatile nowhere = (struct iovec *)high;
  struct msghdr message;
  connected_pair(listener, &client, &server);
  send(client, "abcdef", 6, 0);
  await(server, POLLIN);
  report("-", "readv, the array at a high pointer", outcome(readv(server, nowhere, 1)));
  report("-", "writev, the array at a high pointer", outcome(writev(client, nowhere, 1)));
  bad_array[0].iov_base = high;
  report("-", "readv, the buffer at a high pointer", outcome(readv(server, bad_array, 1)));
  report("-", "writev, the buffer at a high pointer", outcome(writev(client, bad_array, 1)));
  memset(&message, 0, sizeof message);
  message.msg_iov = nowhere;
  message.msg_iovlen = 1;
  report("-", "sendmsg, the array at a high pointer", outcome(sendmsg(client, &message, 0)));
  report("-", "recvmsg, the array at a high pointer", outcome(recvmsg(server, &message, 0)));
  report("-", "sendmsg, the header at a high pointer", outcome(sendmsg(client, (struct msghdr *)high, 0)));
  report("-", "recvmsg, the header at a high pointer", outcome(recvmsg(server, (struct msghdr *)high, 0)));
  report("-", "readv, the second buffer at a high pointer", outcome(readv(server, bad_second, 2)));
  report("-", "the bytes are there after all that", received_text(server));
  close(client);
  close(server);
}

static void names(void) {
  int client, server;
  struct sockaddr_in address;
  socklen_t length = sizeof address;
  socklen_t *volatile bad_length = (socklen_t *)high;
  struct sockaddr *volatile bad_name = (struct sockaddr *)high;
  connected_pair(listener, &client, &server);
  report("-", "getsockname to a high pointer", outcome(getsockname(client, bad_name, &length)));
  report("-", "getsockname, length at a high pointer", outcome(getsockname(client, (struct sockaddr *)&address, bad_length)));
  report("-", "getpeername to a high pointer", outcome(getpeername(client, bad_name, &length)));
  report("-", "getpeername, length at a high pointer", outcome(getpeername(client, (struct sockaddr *)&address, bad_length)));
  length = (socklen_t)-1;
  report("-", "getsockname, length -1", outcome(getsockname(client, (struct sockaddr *)&address, &length)));
  close(client);
  close(server);

  int fd = tcp_socket();
  report("1.3", "connect, name at a high pointer", outcome(connect(fd, bad_name, sizeof address)));
  report("-", "bind, name at a high pointer", outcome(bind(fd, bad_name, sizeof address)));
  report("-", "bind, name is NULL", outcome(bind(fd, (struct sockaddr *)null, sizeof address)));
  report("-", "getpeername, not connected, high pointer", outcome(getpeername(fd, bad_name, &length)));
  close(fd);
}

static void options(void) {
  int value = 1;
  socklen_t length = sizeof value;
  int fd = tcp_socket();
  report("-", "setsockopt from a high pointer", outcome(setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, high, sizeof value)));
  report("-", "setsockopt from NULL", outcome(setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, null, sizeof value)));
  report("-", "getsockopt to a high pointer", outcome(getsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, high, &length)));
  report("-", "getsockopt, length at a high pointer",
         outcome(getsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &value, (socklen_t *)high)));
  report("-", "ioctl FIONBIO from a high pointer", outcome(ioctl(fd, FIONBIO, high)));
  close(fd);
}

static void datagrams(void) {
  int a = bound_udp_socket(), b = udp_socket();
  struct sockaddr_in there = loopback(own_port(a));
  struct sockaddr *volatile bad_name = (struct sockaddr *)high;
  char bytes[8];
  connect_to(b, there);
  report("-", "datagram: send from a high pointer", outcome(send(b, high, 5, 0)));
  report("-", "datagram: sendto a name at a high pointer", outcome(sendto(b, "x", 1, 0, bad_name, sizeof there)));
  report("-", "datagram: nothing was sent", polled_for(a, POLLIN, 30));
  send(b, "one", 3, 0);
  await(a, POLLIN);
  report("-", "datagram: peek to a high pointer", outcome(recv(a, high, 8, MSG_PEEK)));
  report("-", "datagram: then to a good one", outcome(recv(a, bytes, 8, MSG_DONTWAIT)));
  close(a);
  close(b);
}

static void others(void) {
  int *volatile pair = (int *)high;
  struct pollfd *volatile entries = (struct pollfd *)high;
  fd_set *volatile set = (fd_set *)high;
  struct timeval now = {0, 0};
  int ends[2];
  report("-", "pipe to a high pointer", outcome(pipe(pair)));
  report("-", "socketpair to a high pointer", outcome(socketpair(AF_UNIX, SOCK_STREAM, 0, pair)));
  report("-", "poll at a high pointer", outcome(poll(entries, 1, 0)));
  report("-", "select at a high pointer", outcome(select(8, set, NULL, NULL, &now)));
  pipe(ends);
  write(ends[1], "kept", 4);
  report("-", "pipe: write from a high pointer", outcome(write(ends[1], high, 4)));
  report("-", "pipe: read to a high pointer", outcome(read(ends[0], high, 4)));
  char bytes[8];
  report("-", "pipe: the bytes are there still", outcome(read(ends[0], bytes, sizeof bytes)));
  close(ends[0]);
  close(ends[1]);
}

/* What is wrong with the descriptor is told first. */
static void descriptors(void) {
  int ends[2];
  pipe(ends);
  int closed = tcp_socket();
  close(closed);
  report("-", "closed: send from a high pointer", outcome(send(closed, high, 1, 0)));
  report("-", "closed: recv to a high pointer", outcome(recv(closed, high, 1, 0)));
  report("-", "closed: getsockopt to a high pointer", outcome(getsockopt(closed, SOL_SOCKET, SO_TYPE, high, (socklen_t *)high)));
  report("-", "pipe: send from a high pointer", outcome(send(ends[1], high, 1, 0)));
  report("-", "pipe: recv to a high pointer", outcome(recv(ends[0], high, 1, 0)));
  report("-", "pipe: shutdown", outcome(shutdown(ends[0], SHUT_RD)));
  report("-", "pipe: getsockname", own_name(ends[0]));
  report("-", "pipe: sendmsg, header at a high pointer", outcome(sendmsg(ends[1], (struct msghdr *)high, 0)));
  close(ends[0]);
  close(ends[1]);
}

int main(void) {
  listener = tcp_listener();
  stream();
  buffers();
  names();
  options();
  datagrams();
  others();
  descriptors();
  return 0;
}

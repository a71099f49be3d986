/* sendmsg(), recvmsg() and the flags of a message. */
#include "posix.h"

static struct msghdr message(struct iovec *buffers, size_t count) {
  struct msghdr header;
  memset(&header, 0, sizeof header);
  header.msg_iov = buffers;
  header.msg_iovlen = (int)count;
  return header;
}

static void stream(int listener) {
  int client, server;
  char a[3] = "", b[8] = "";
  struct iovec outgoing[2] = {{"hel", 3}, {"lo", 2}};
  struct iovec incoming[2] = {{a, 2}, {b, 8}};
  struct sockaddr_in name = loopback(0);
  connected_pair(listener, &client, &server);
  struct msghdr out = message(outgoing, 2);
  struct msghdr in = message(incoming, 2);
  in.msg_name = &name;
  in.msg_namelen = sizeof name;
  report("-", "TCP: sendmsg", outcome(sendmsg(client, &out, 0)));
  await(server, POLLIN);
  report("-", "TCP: recvmsg", outcome(recvmsg(server, &in, 0)));
  reportf("-", "TCP: what each buffer got", "%.2s %.3s", a, b);
  report("-", "TCP: msg_namelen", outcome((long)in.msg_namelen));
  report("-", "TCP: msg_flags", outcome(in.msg_flags));
  in = message(incoming, 2);
  report("-", "TCP: recvmsg of nothing", outcome(recvmsg(server, &in, MSG_DONTWAIT)));
  out = message(outgoing, 0);
  report("-", "TCP: sendmsg of no buffers", outcome(sendmsg(client, &out, 0)));
  out = message(outgoing, 1025);
  report("-", "TCP: sendmsg, count 1025", outcome(sendmsg(client, &out, 0)));
  in = message(incoming, 1025);
  report("-", "TCP: recvmsg, count 1025", outcome(recvmsg(server, &in, MSG_DONTWAIT)));
  close(client);
  close(server);
}

static void wait_for_all(int listener) {
  int client, server;
  char text[8] = "";
  connected_pair(listener, &client, &server);
  send(client, "ab", 2, 0);
  await(server, POLLIN);
  send(client, "cdef", 4, 0);
  report("-", "MSG_WAITALL over two sends", outcome(recv(server, text, 5, MSG_WAITALL)));
  reportf("-", "MSG_WAITALL: bytes", "%.5s", text);
  report("-", "MSG_WAITALL with MSG_DONTWAIT", outcome(recv(server, text, 5, MSG_WAITALL | MSG_DONTWAIT)));
  send(client, "gh", 2, 0);
  close(client);
  report("-", "MSG_WAITALL, the peer ends first", outcome(recv(server, text, 5, MSG_WAITALL)));
  report("-", "MSG_WAITALL at the end", outcome(recv(server, text, 5, MSG_WAITALL)));
  close(server);
}

static void looking(int listener) {
  int client, server;
  char text[8] = "";
  connected_pair(listener, &client, &server);
  report("-", "MSG_PEEK of nothing", outcome(recv(server, text, 4, MSG_PEEK | MSG_DONTWAIT)));
  send(client, "peek", 4, 0);
  report("-", "MSG_PEEK that waits", outcome(recv(server, text, 8, MSG_PEEK)));
  report("-", "it is there still", received_text(server));
  close(client);
  await(server, POLLIN);
  report("-", "MSG_PEEK at the end", outcome(recv(server, text, 4, MSG_PEEK)));
  close(server);
}

static void datagrams(void) {
  int a = bound_udp_socket(), b = bound_udp_socket();
  char text[8] = "";
  struct iovec outgoing[2] = {{"data", 4}, {"gram", 4}};
  struct iovec incoming[1] = {{text, 5}};
  struct sockaddr_in there = loopback(own_port(a)), from;
  struct msghdr out = message(outgoing, 2);
  out.msg_name = &there;
  out.msg_namelen = sizeof there;
  report("-", "UDP: sendmsg to a name", outcome(sendmsg(b, &out, 0)));
  await(a, POLLIN);

  struct msghdr in = message(incoming, 1);
  in.msg_name = &from;
  in.msg_namelen = sizeof from;
  report("-", "UDP: recvmsg, peeked", outcome(recvmsg(a, &in, MSG_PEEK)));
  report("-", "UDP: peeked: MSG_TRUNC is told", yes_no(in.msg_flags & MSG_TRUNC));
  in.msg_namelen = sizeof from;
  report("-", "UDP: recvmsg, cut", outcome(recvmsg(a, &in, 0)));
  report("-", "UDP: cut: bytes", text);
  report("-", "UDP: cut: MSG_TRUNC is told", yes_no(in.msg_flags & MSG_TRUNC));
  report("-", "UDP: its source", yes_no(ntohs(from.sin_port) == own_port(b)));
  report("-", "UDP: length of the source", yes_no(in.msg_namelen == sizeof from));
  report("-", "UDP: the rest is gone", received(a));

  sendmsg(b, &out, 0);
  await(a, POLLIN);
  report("-", "UDP: MSG_PEEK with MSG_TRUNC", outcome(recv(a, text, 1, MSG_PEEK | MSG_TRUNC)));
  in.msg_namelen = sizeof from;
  report("-", "UDP: recvmsg with MSG_TRUNC", outcome(recvmsg(a, &in, MSG_TRUNC)));

  sendto(b, "fits", 4, 0, (struct sockaddr *)&there, sizeof there);
  await(a, POLLIN);
  report("-", "UDP: recvmsg of one that fits", outcome(recvmsg(a, &in, 0)));
  report("-", "UDP: fits: msg_flags", outcome(in.msg_flags));

  out = message(outgoing, 2);
  report("-", "UDP: sendmsg to nobody", outcome(sendmsg(b, &out, 0)));
  connect_to(b, there);
  report("-", "UDP: sendmsg to the peer", outcome(sendmsg(b, &out, 0)));
  await(a, POLLIN);
  report("-", "UDP: recvfrom without a name", outcome(recvfrom(a, text, sizeof text, 0, NULL, NULL)));
  close(a);
  close(b);
}

/* A whole vector is one call: MSG_NOSIGNAL keeps SIGPIPE away from sendmsg() too. */
static void broken_pipe(int listener) {
  int client, server;
  struct iovec one = {"x", 1};
  struct msghdr out = message(&one, 1);
  connected_pair(listener, &client, &server);
  shutdown(client, SHUT_WR);
  catch_signal(SIGPIPE, 0);
  report("4.6", "sendmsg with MSG_NOSIGNAL", outcome(sendmsg(client, &out, MSG_NOSIGNAL)));
  report("4.6", "sendmsg with MSG_NOSIGNAL: signals", outcome(signals_seen));
  report("4.6", "sendmsg", outcome(sendmsg(client, &out, 0)));
  report("4.6", "sendmsg: signals", outcome(signals_seen));
  close(client);
  close(server);
}

/* ip(7): errors that IP_RECVERR queued, which nothing asked for. What was sent stays; AF_UNIX has no such queue. */
static void errors(int listener) {
  int client, server, pair[2];
  char text[8] = "";
  struct iovec buffer = {text, sizeof text};
  struct msghdr header = message(&buffer, 1);
  int udp = socket(AF_INET, SOCK_DGRAM, 0);
  report("-", "MSG_ERRQUEUE: UDP, recvmsg", outcome(recvmsg(udp, &header, MSG_ERRQUEUE)));
  report("-", "MSG_ERRQUEUE: UDP, recv", outcome(recv(udp, text, 8, MSG_ERRQUEUE)));
  report("-", "MSG_ERRQUEUE and MSG_OOB: UDP", outcome(recv(udp, text, 8, MSG_ERRQUEUE | MSG_OOB)));
  close(udp);
  report("-", "MSG_ERRQUEUE: listener", outcome(recv(listener, text, 8, MSG_ERRQUEUE)));
  connected_pair(listener, &client, &server);
  send(client, "sent", 4, 0);
  await(server, POLLIN);
  report("-", "MSG_ERRQUEUE: TCP, recv", outcome(recv(server, text, 8, MSG_ERRQUEUE)));
  report("-", "MSG_ERRQUEUE: TCP, recvmsg", outcome(recvmsg(server, &header, MSG_ERRQUEUE | MSG_PEEK)));
  report("-", "MSG_ERRQUEUE and MSG_OOB: TCP", outcome(recvmsg(server, &header, MSG_ERRQUEUE | MSG_OOB)));
  report("-", "MSG_ERRQUEUE: TCP, what was sent", received_text(server));
  close(client);
  await(server, POLLIN);
  report("-", "MSG_ERRQUEUE: TCP, at the end", outcome(recv(server, text, 8, MSG_ERRQUEUE)));
  close(server);
  socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
  send(pair[0], "sent", 4, 0);
  report("-", "MSG_ERRQUEUE: AF_UNIX", outcome(recv(pair[1], text, 8, MSG_ERRQUEUE)));
  report("-", "MSG_ERRQUEUE: AF_UNIX, nothing", outcome(recv(pair[1], text, 8, MSG_ERRQUEUE | MSG_DONTWAIT)));
  close(pair[0]);
  close(pair[1]);
}

int main(void) {
  int listener = tcp_listener();
  stream(listener);
  wait_for_all(listener);
  looking(listener);
  datagrams();
  broken_pipe(listener);
  errors(listener);
  return 0;
}

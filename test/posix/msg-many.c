/* sendmmsg() and recvmmsg(): several messages in a call, as many as there are. */
#include "posix.h"

enum { COUNT = 4, ROOM = 16 };

static struct mmsghdr messages[COUNT];
static struct iovec parts[COUNT];
static char texts[COUNT][ROOM];

static void prepare(int lengths) {
  memset(messages, 0, sizeof messages);
  for (int i = 0; i < COUNT; i++) {
    parts[i] = (struct iovec){texts[i], lengths ? (size_t)(i + 1) : sizeof texts[i]};
    messages[i].msg_hdr.msg_iov = &parts[i];
    messages[i].msg_hdr.msg_iovlen = 1;
  }
}

static void report_lengths(const char *condition, int count) {
  if (count < 0) return report("-", condition, error_name(errno));
  char text[64] = "";
  for (int i = 0; i < count; i++) snprintf(text + strlen(text), sizeof text - strlen(text), " %u", messages[i].msg_len);
  reportf("-", condition, "%d:%s", count, text);
}

int main(void) {
  int pair[2], listener = tcp_listener(), client, server;
  struct timespec soon = {0, 50000000}, wrong = {0, 1000000000};
  socketpair(AF_UNIX, SOCK_DGRAM, 0, pair);
  for (int i = 0; i < COUNT; i++) memset(texts[i], 'a' + i, ROOM);
  prepare(1);
  report_lengths("sendmmsg", sendmmsg(pair[0], messages, COUNT, 0));
  prepare(0);
  report_lengths("recvmmsg of two", recvmmsg(pair[1], messages, 2, 0, NULL));
  reportf("-", "the second is", "%.2s", texts[1]);
  report_lengths("MSG_WAITFORONE takes the rest", recvmmsg(pair[1], messages, COUNT, MSG_WAITFORONE, NULL));
  report_lengths("MSG_DONTWAIT, none there", recvmmsg(pair[1], messages, COUNT, MSG_DONTWAIT, NULL));
  report_lengths("no messages", recvmmsg(pair[1], messages, 0, 0, NULL));
  report_lengths("no messages to send", sendmmsg(pair[0], messages, 0, 0));
  report_lengths("recvmmsg, no time", recvmmsg(pair[1], messages, COUNT, 0, &wrong));
  prepare(1);
  sendmmsg(pair[0], messages, 2, 0);
  prepare(0);
  report_lengths("recvmmsg with a time, both there", recvmmsg(pair[1], messages, 2, 0, &soon));
  prepare(1);
  messages[2].msg_hdr.msg_iovlen = 2000;
  report_lengths("the third cannot be sent", sendmmsg(pair[0], messages, COUNT, 0));
  messages[0].msg_hdr.msg_iovlen = 2000;
  report_lengths("the first cannot be sent", sendmmsg(pair[0], messages, COUNT, 0));
  report_lengths("sendmmsg, closed descriptor", sendmmsg(-1, messages, COUNT, 0));
  report_lengths("recvmmsg, closed descriptor", recvmmsg(-1, messages, COUNT, 0, NULL));
  report_lengths("sendmmsg on a pipe", ({
    int ends[2];
    pipe(ends);
    sendmmsg(ends[1], messages, COUNT, 0);
  }));
  connected_pair(listener, &client, &server);
  prepare(1);
  report_lengths("sendmmsg on a stream", sendmmsg(client, messages, COUNT, 0));
  prepare(0);
  await(server, POLLIN);
  char bytes[16];
  report("-", "a stream knows no messages", outcome(receive_all(server, bytes, 10)));
  return 0;
}

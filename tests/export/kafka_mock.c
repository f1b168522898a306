/* SPDX-License-Identifier: Apache-2.0 */
/* kafka_mock.c - runs three mock brokers of librdkafka that fail now and then; prints their
 * addresses. */
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
#include <stdio.h>
#include <unistd.h>

#define PRODUCE 0 /* the API key of the request in the protocol */

int main(void)
{
	char why[256];
	rd_kafka_t *client = rd_kafka_new(RD_KAFKA_PRODUCER, rd_kafka_conf_new(), why, sizeof(why));
	rd_kafka_mock_cluster_t *cluster = client ? rd_kafka_mock_cluster_new(client, 3) : NULL;

	if (!cluster || rd_kafka_mock_topic_create(cluster, "piaudit", 4, 3))
		return 2;
	fprintf(stdout, "%s\n", rd_kafka_mock_cluster_bootstraps(cluster));
	fflush(stdout);
	for (int broker = 1;; broker = broker % 3 + 1) {
		sleep(2);
		rd_kafka_mock_push_request_errors(cluster, PRODUCE, 3,
						  RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS,
						  RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION,
						  RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT);
		rd_kafka_mock_broker_set_down(cluster, broker);
		usleep(500000);
		rd_kafka_mock_broker_set_up(cluster, broker);
	}
}

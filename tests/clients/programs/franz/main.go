// Prints the first records of a topic as JSON, one per line: franz SERVERS TOPIC COUNT
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/twmb/franz-go/pkg/kgo"
)

func main() {
	count, _ := strconv.Atoi(os.Args[3])
	client, err := kgo.NewClient(
		kgo.SeedBrokers(strings.Split(os.Args[1], ",")...),
		kgo.ConsumeTopics(os.Args[2]),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()),
		kgo.FetchIsolationLevel(kgo.ReadCommitted()),
	)
	if err != nil {
		panic(err)
	}
	defer client.Close()
	for seen := 0; seen < count; {
		fetches := client.PollFetches(context.Background())
		if errs := fetches.Errors(); len(errs) > 0 {
			panic(fmt.Sprint(errs))
		}
		fetches.EachRecord(func(record *kgo.Record) {
			id := ""
			for _, header := range record.Headers {
				if header.Key == "ce_id" {
					id = string(header.Value)
				}
			}
			line, _ := json.Marshal([]string{string(record.Key), string(record.Value), id})
			fmt.Println(string(line))
			seen++
		})
	}
}

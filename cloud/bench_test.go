package cloud_test

import (
	"bytes"
	"testing"

	"github.com/cloudrearrange/rearrange/cloud"
)

func BenchmarkDecodeInstance(b *testing.B) {
	var doc bytes.Buffer
	in := bigInstance(1000, 50_000)
	if err := in.Encode(&doc); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	b.SetBytes(int64(doc.Len()))
	for b.Loop() {
		if _, err := cloud.DecodeInstance("", doc.Bytes()); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(in.VMs))*float64(b.N)/b.Elapsed().Seconds(), "vms/s")
}

func BenchmarkSHA256(b *testing.B) {
	in := bigInstance(1000, 50_000)
	b.ReportAllocs()
	for b.Loop() {
		other := *in // hashed anew: an instance keeps its hash
		other.SHA256()
	}
	b.ReportMetric(float64(len(in.VMs))*float64(b.N)/b.Elapsed().Seconds(), "vms/s")
}

// BenchmarkDecodeFaults reads an instance in which every host name is unknown.
func BenchmarkDecodeFaults(b *testing.B) {
	var doc bytes.Buffer
	in := bigInstance(1000, 50_000)
	if err := in.Encode(&doc); err != nil {
		b.Fatal(err)
	}
	text := bytes.ReplaceAll(doc.Bytes(), []byte(`: "host`), []byte(`: "hots`))
	for b.Loop() {
		if _, err := cloud.DecodeInstance("", text); err == nil {
			b.Fatal("expected errors")
		}
	}
}

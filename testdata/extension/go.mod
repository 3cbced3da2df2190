module example.org/extension

go 1.26.0

require github.com/cloudrearrange/rearrange v0.0.0

replace github.com/cloudrearrange/rearrange => ../..

// The test adds the requirements of the module replaced, so that nothing has to be fetched.
module example.org/extension

go 1.26.0

require github.com/cloudrearrange/rearrange v0.0.0

replace github.com/cloudrearrange/rearrange => ../..

using Embedded.Kafka;
using Microsoft.Extensions.Logging.Abstractions;

return 0;

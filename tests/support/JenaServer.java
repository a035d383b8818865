import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.apache.jena.graph.Graph;
import org.apache.jena.query.Dataset;
import org.apache.jena.query.DatasetFactory;
import org.apache.jena.query.QueryExecution;
import org.apache.jena.query.QueryFactory;
import org.apache.jena.query.QueryType;
import org.apache.jena.query.ResultSetFormatter;
import org.apache.jena.riot.Lang;
import org.apache.jena.riot.RDFDataMgr;
import org.apache.jena.shacl.ShaclValidator;
import org.apache.jena.shacl.Shapes;
import org.apache.jena.sparql.exec.http.QueryExecutionHTTP;
import org.apache.jena.system.Txn;

/**
 * Jena's SHACL engine and SPARQL client over HTTP, for the tests: a Java machine that is started once.
 *
 * At /shacl, N-Quads with the graphs urn:x-test:shapes and urn:x-test:data are judged; at /client, a query is asked of the
 * SPARQL server that is named. It says its address and serves until it is ended.
 */
public class JenaServer {
  /** What an exchange is answered with. */
  private interface Answer {
    byte[] to(byte[] body, String named);
  }

  public static void main(String[] arguments) throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    serve(server, "/shacl", (body, none) -> judged(body));
    serve(server, "/client", (body, url) -> {
      try (QueryExecution asked = QueryExecutionHTTP.service(url).query(text(body)).build()) {
        return answer(asked, QueryFactory.create(text(body)).queryType());
      }
    });
    server.start();
    System.out.println("http://127.0.0.1:" + server.getAddress().getPort());
  }

  private static byte[] answer(QueryExecution asked, QueryType type) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    switch (type) {
      case SELECT -> ResultSetFormatter.outputAsJSON(out, asked.execSelect());
      case ASK -> ResultSetFormatter.outputAsJSON(out, asked.execAsk());
      case CONSTRUCT -> RDFDataMgr.write(out, asked.execConstruct(), Lang.NTRIPLES);
      default -> RDFDataMgr.write(out, asked.execDescribe(), Lang.NTRIPLES);
    }
    return out.toByteArray();
  }

  private static byte[] judged(byte[] quads) {
    Dataset both = DatasetFactory.createTxnMem(); // the other kind in memory takes literals of one value for one term
    Txn.executeWrite(both, () -> RDFDataMgr.read(both, new ByteArrayInputStream(quads), Lang.NQUADS));
    return Txn.calculateRead(both, () -> {
      Graph shapes = both.getNamedModel("urn:x-test:shapes").getGraph();
      Graph data = both.getNamedModel("urn:x-test:data").getGraph();
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      RDFDataMgr.write(out, ShaclValidator.get().validate(Shapes.parse(shapes), data).getModel(), Lang.NTRIPLES);
      return out.toByteArray();
    });
  }

  private static void serve(HttpServer server, String path, Answer answer) {
    server.createContext(path, exchange -> {
      try (exchange) {
        byte[] body = exchange.getRequestBody().readAllBytes();
        try {
          say(exchange, 200, exchange.getRequestHeaders().getFirst("Accept"), answer.to(body, named(exchange)));
        } catch (RuntimeException | StackOverflowError error) { // whatever the engine cannot do is said to the client
          say(exchange, 400, "text/plain", error.toString().getBytes(StandardCharsets.UTF_8));
        }
      }
    });
  }

  private static void say(HttpExchange exchange, int status, String kind, byte[] content) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", kind);
    exchange.sendResponseHeaders(status, content.length == 0 ? -1 : content.length); // 0 would mean that more comes
    exchange.getResponseBody().write(content);
  }

  /** The value of the one parameter in the address, such as url=…; null where there is none. */
  private static String named(HttpExchange exchange) {
    String query = exchange.getRequestURI().getRawQuery();
    return query == null ? null : URLDecoder.decode(query.substring(query.indexOf('=') + 1), StandardCharsets.UTF_8);
  }

  private static String text(byte[] body) {
    return new String(body, StandardCharsets.UTF_8);
  }
}
